# Evaluates a Nix file, and says of every file and directory that it looks at which one it was. Constant; its parameter is the
# file. What lies in the store never changes. What is found through <...> is evaluated without being followed: a collection of
# packages is large, and what is followed is evaluated anew at every import.
{ devshellFile, ... }@arguments:
let
  isPlace = path: builtins.isPath path || builtins.isString path;
  textOf = path: builtins.unsafeDiscardStringContext (toString path);
  isBelow = directory: text: builtins.substring 0 (builtins.stringLength directory + 1) text == directory + "/";
  isFixed = path: !isPlace path || isBelow builtins.storeDir (textOf path);
  isForeign = path: builtins.any (entry: isBelow (toString entry.path) (textOf path + "/")) builtins.nixPath;
  say = what: path: value: builtins.trace "devshell ${what} ${textOf path}" value;
  seen = what: path: value: if isFixed path then value else say what path value;

  import = path:
    if isFixed path then builtins.import path
    else if isForeign path then say "foreign" path (builtins.import path)
    else say "file" path (builtins.scopedImport scope path);
  scopedImport = more: path:
    if isFixed path then builtins.scopedImport more path
    else say "file" path (builtins.scopedImport (scope // more) path);
  readFile = path: seen "file" path (builtins.readFile path);
  readDir = path: seen "directory" path (builtins.readDir path);
  pathExists = path: seen "exists" path (builtins.pathExists path);
  readFileType = path: seen "exists" path (builtins.readFileType path);
  hashFile = kind: path: seen "file" path (builtins.hashFile kind path);
  filterSource = filter: path: seen "source" path (builtins.filterSource filter path);
  path = from: seen "source" from.path (builtins.path from);

  newer = if builtins ? readFileType then { inherit readFileType; } else { };
  traced = { inherit import scopedImport readFile readDir pathExists hashFile filterSource path; } // newer;
  scope = {
    inherit import scopedImport;
    builtins = builtins // traced // { inherit (scope) builtins; };
    __readFile = readFile;
    __readDir = readDir;
    __pathExists = pathExists;
    __hashFile = hashFile;
    __filterSource = filterSource;
    __path = path;
  };

  value = import (/. + devshellFile);
  given = { inNixShell = true; } // removeAttrs arguments [ "devshellFile" ];
in
if builtins.isFunction value then value (builtins.intersectAttrs (builtins.functionArgs value) given) else value
