# Completion of remora(1) for bash. Commands and options are what `remora --help` and `remora COMMAND --help` list, so they
# are those of the program that is installed; only the words that options take stand here.

# Of a command's help, a line an option: NAME|TYPE|DESCRIPTION; of a flag TYPE is empty.
_remora_options() {
  awk '
    function tell() { if (name) print name "|" type "|" told }
    /^  (-[a-z],)?--/ {
      tell()
      name = $1; sub(/^-.,/, "", name)
      type = match($0, /--[a-z-]+ [A-Z]+([ :=]|$)/) ? $2 : ""; sub(/[^A-Z].*/, "", type)
      told = match($0, /[^ ]  +[^ ]/) ? substr($0, RSTART + RLENGTH - 1) : ""
      next
    }
    name && told == "" { told = $0; sub(/^ +/, "", told) }
    END { tell() }'
}

_remora_words() {
  case "$1 $2" in
    "replay --format") echo "table jsonl protobuf" ;;
    "replay --checksums") echo "auto verify ignore" ;;
    "replay --progress" | "replay --follow-keylogs") echo "auto always never" ;;
    "sessions --format") echo "table jsonl csv" ;;
    "sessions --kind") echo "RDP REMOTE_ASSISTANCE" ;;
    "collect --format") echo "protobuf jsonl" ;;
  esac
}

_remora_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_remora() {
  local program=${1/#\~/$HOME} command=${COMP_WORDS[1]}
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} help options type
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    local commands
    commands=$("$program" --help 2>/dev/null | sed -nE '/^Subcommands:/,$s/^  ([a-z][a-z-]*) .*/\1/p')
    mapfile -t COMPREPLY < <(compgen -W "$commands --help" -- "$word")
    return
  fi
  # --option=word comes as three words.
  if [ "$word" = = ]; then
    word=
  elif [ "$before" = = ]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  help=$("$program" "$command" --help 2>/dev/null) || return
  options=$(_remora_options <<<"$help")
  type=$(grep -F -- "$before|" <<<"$options" | cut -d '|' -f 2)
  case "$type" in
    FILE | PATH) _remora_files "$word" ;;
    ?*) mapfile -t COMPREPLY < <(compgen -W "$(_remora_words "$command" "$before")" -- "$word") ;;
    *)
      if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(cut -d '|' -f 1 <<<"$options")" -- "$word")
      elif grep -q '^  FILE' <<<"$help"; then
        _remora_files "$word"
      fi
      ;;
  esac
}

complete -F _remora remora
