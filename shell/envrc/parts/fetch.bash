# Files from the net, kept by what they hold. The store is direnv's own, so what one of them fetched serves the other.

# Prints where the content of the URL $1 lies, if it has the integrity $2 (sha256-, sha384- or sha512- and base64); without $2 what it has.
__envrc_fetchurl() {
  local __envrc_store=${XDG_CACHE_HOME:-${HOME-}/.cache}/direnv/cas __envrc_want=${2-} __envrc_have __envrc_file
  if [[ ! ${1-} ]]; then
    log_error 'fetchurl: missing URL argument'
    return 1
  fi
  __envrc_want=${__envrc_want//_//}
  if [[ $__envrc_want ]]; then
    if [[ ! $__envrc_want =~ ^sha(256|384|512)-[A-Za-z0-9+/]+=*$ ]]; then
      log_error "fetchurl: $2 is not an integrity hash: sha256- and the hash in base64"
      return 1
    fi
    if [[ -f $__envrc_store/${__envrc_want//\//_} ]]; then
      printf '%s\n' "$__envrc_store/${__envrc_want//\//_}"
      return 0
    fi
  fi
  mkdir -p "$__envrc_store" && __envrc_file=$(mktemp "$__envrc_store/tmp.XXXXXX") || return 1
  if __envrc_download "$1" "$__envrc_file" && __envrc_have=$(__envrc_integrity "${__envrc_want%%-*}" "$__envrc_file"); then
    __envrc_keep "$1"
    return
  fi
  rm -f "$__envrc_file"
  return 1
}

# Puts the fetched file into the store if it is the one that is wanted.
__envrc_keep() {
  if [[ $__envrc_want && $__envrc_have != "$__envrc_want" ]]; then
    rm -f "$__envrc_file"
    log_error "$1: hash mismatch. Expected '$__envrc_want' but got '$__envrc_have'"
    return 2
  fi
  chmod 500 "$__envrc_file" && mv -f "$__envrc_file" "$__envrc_store/${__envrc_have//\//_}" || return 1
  if [[ $__envrc_want ]]; then
    printf '%s\n' "$__envrc_store/${__envrc_have//\//_}"
  else
    printf '%s\n' "$__envrc_have"
  fi
}

__envrc_download() {
  if has curl; then
    curl --fail --silent --show-error --location --output "$2" -- "$1"
  elif has wget; then
    wget --quiet --output-document="$2" -- "$1"
  else
    log_error "fetchurl needs curl or wget for $1"
    return 1
  fi
}

# The integrity of the file $2 by the algorithm $1 (sha256).
__envrc_integrity() {
  local __envrc_algorithm=${1:-sha256} __envrc_hex
  if has "${__envrc_algorithm}sum"; then
    __envrc_hex=$("${__envrc_algorithm}sum" <"$2")
  else
    __envrc_hex=$(shasum -a "${__envrc_algorithm#sha}" <"$2")
  fi
  __envrc_hex=${__envrc_hex%% *}
  [[ $__envrc_hex ]] || return 1
  printf '%s-%s\n' "$__envrc_algorithm" "$(printf '%b' "${__envrc_hex//??/'\x'&}" | base64 | tr -d '\n')"
}
