# Environments and lists of files as JSON.

# The text $1 as JSON has it.
__envrc_json_string() {
  local __envrc_text=$1 __envrc_code __envrc_character
  __envrc_text=${__envrc_text//\\/\\\\}
  __envrc_text=${__envrc_text//\"/\\\"}
  __envrc_text=${__envrc_text//$'\n'/\\n}
  __envrc_text=${__envrc_text//$'\t'/\\t}
  __envrc_text=${__envrc_text//$'\r'/\\r}
  if [[ $__envrc_text == *[$'\001'-$'\037'$'\177']* ]]; then
    for __envrc_code in 0{1..7} 10 13 14 16 17 {20..37}; do
      printf -v __envrc_character '%b' "\\0$__envrc_code"
      printf -v __envrc_code '\\u%04x' "$((8#$__envrc_code))"
      __envrc_text=${__envrc_text//"$__envrc_character"/"$__envrc_code"}
    done
  fi
  printf '"%s"' "$__envrc_text"
}

# The environment of this process.
__envrc_json_environment() {
  local __envrc_name __envrc_separator=''
  printf '{'
  while read -r __envrc_name; do
    printf '%s\n  "%s": %s' "$__envrc_separator" "$__envrc_name" "$(__envrc_json_string "${!__envrc_name-}")"
    __envrc_separator=,
  done < <(builtin compgen -e)
  printf '\n}\n'
}

# What DIRENV_WATCHES stands for: the keys in the order and the lines in the form in which others read them.
__envrc_json_watches() {
  local __envrc_path __envrc_separator='' __envrc_exists
  if [[ $1 != devshell:* ]]; then
    __envrc_fail 'only what DIRENV_WATCHES holds within this evaluation can be shown'
  fi
  printf '['
  while IFS='' read -r -d '' __envrc_path; do
    __envrc_exists=false
    [[ ! -e $__envrc_path ]] || __envrc_exists=true
    printf '%s\n  {\n    "exists": %s,\n    "path": %s\n  }' "$__envrc_separator" "$__envrc_exists" "$(__envrc_json_string "$__envrc_path")"
    __envrc_separator=,
  done < <(__envrc_watches "${1#devshell:}")
  printf '\n]\n'
}
