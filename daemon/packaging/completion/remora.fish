# Completion of remora(1) for fish. Commands and options are what `remora --help` and `remora COMMAND --help` list, so they
# are those of the program that is installed; only the words that options take stand here.

# Of a command's help, a line an option: NAME|TYPE|DESCRIPTION; of a flag TYPE is empty.
function __remora_options
    remora $argv[1] --help 2>/dev/null | awk '
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
end

function __remora_words
    switch "$argv"
        case 'replay --format'
            string split ' ' 'table jsonl protobuf'
        case 'replay --checksums'
            string split ' ' 'auto verify ignore'
        case 'replay --progress' 'replay --follow-keylogs'
            string split ' ' 'auto always never'
        case 'sessions --format'
            string split ' ' 'table jsonl csv'
        case 'sessions --kind'
            string split ' ' 'RDP REMOTE_ASSISTANCE'
        case 'collect --format'
            string split ' ' 'protobuf jsonl'
    end
end

function __remora_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    if test (count $words) -eq 1
        remora --help 2>/dev/null | sed -nE '/^Subcommands:/,$s/^  ([a-z][a-z-]*) +(.*)/\1\t\2/p'
        return
    end
    set -l command $words[2]
    set -l options (__remora_options $command)
    for option in $options
        set -l parts (string split -m 2 '|' -- $option)
        if test "$parts[1]" = "$words[-1]" -a -n "$parts[2]"
            if contains -- $parts[2] FILE PATH
                __fish_complete_path $word
            else
                __remora_words $command $parts[1]
            end
            return
        end
    end
    if string match -q -- '-*' $word
        for option in $options
            set -l parts (string split -m 2 '|' -- $option)
            printf '%s\t%s\n' $parts[1] $parts[3]
        end
    else
        __fish_complete_path $word
    end
end

complete -c remora -f -a '(__remora_complete)'
