import { COMPLETE, type Shell } from './completion-options.ts';

/** The script that a shell evaluates once; it asks `converge` for each completion, so it never gets old. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return BASH;
    case 'zsh':
      return ZSH;
    case 'fish':
      return FISH;
    default:
      return shell satisfies never;
  }
}

/**
 * Bash (3.2 of macOS too, which has no `compopt`) takes `:` and `=` for ends of words. So the words are put together again from the line, and of each answer only
 * what bash takes for the word is given back.
 */
const BASH = `# bash completion of converge. In ~/.bashrc: eval "$(converge completion bash)"
_converge() {
  local rest=\${COMP_LINE:0:COMP_POINT} i trimmed line current before
  local -a words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    trimmed=\${rest#"\${rest%%[![:space:]]*}"}
    local part=\${COMP_WORDS[i]}
    ((i == COMP_CWORD)) && part=$trimmed
    if ((\${#words[@]} == 0)) || [[ $trimmed != "$rest" ]]; then
      words+=("$part")
    else
      words[\${#words[@]} - 1]+=$part
    fi
    rest=\${trimmed#"$part"}
  done
  # What is quoted is one word for bash, too.
  for i in "\${!words[@]}"; do
    words[i]=\${words[i]#[\\"\\']}
    words[i]=\${words[i]%[\\"\\']}
  done
  current=\${words[\${#words[@]} - 1]}
  before=
  if [[ \${COMP_WORDS[COMP_CWORD]} != [\\"\\']* && $COMP_WORDBREAKS == *:* ]]; then
    before=\${current%"\${current##*[:=]}"}
  elif [[ $current == -*=* && $COMP_WORDBREAKS == *=* ]]; then
    before=\${current%%=*}=
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    line=\${line%%$'\\t'*}
    if [[ $line == :files ]]; then
      compopt -o default 2>/dev/null
      COMPREPLY=()
      return
    fi
    [[ $line == */ || $line == *= ]] && compopt -o nospace 2>/dev/null
    COMPREPLY+=("\${line#"$before"}")
  done < <("$1" ${COMPLETE} -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _converge converge
`;

const ZSH = `#compdef converge
# zsh completion of converge. In ~/.zshrc, after compinit: eval "$(converge completion zsh)"
_converge() {
  local line word
  local -a described open
  for line in "\${(@f)$("\${words[1]}" ${COMPLETE} -- "\${(@)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    if [[ $line == :files ]]; then
      # Behind the = of an option or of FORMAT=FILE.
      compset -P '*='
      _files
      return
    fi
    word=\${line%%$'\\t'*}
    if [[ $word == */ || $word == *= ]]; then
      open+=("$word")
    elif [[ $line == *$'\\t'* ]]; then
      described+=("\${word//:/\\\\:}:\${line#*$'\\t'}")
    else
      described+=("\${word//:/\\\\:}")
    fi
  done
  ((\${#described})) && _describe -t values value described
  ((\${#open})) && compadd -S '' -a open
  return 0
}
if [[ $funcstack[1] == _converge ]]; then
  _converge "$@"
else
  compdef _converge converge
fi
`;

const FISH = `# fish completion of converge: converge completion fish > ~/.config/fish/completions/converge.fish
function __converge_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct | string unescape)
  for line in ($words[1] ${COMPLETE} -- $words[2..-1] "$current" 2>/dev/null)
    if test "$line" = ':files'
      # Behind the = of an option or of FORMAT=FILE.
      set -l before (string match -r '^.*=' -- "$current")
      for file in (__fish_complete_path (string replace -r '^.*=' '' -- "$current"))
        echo "$before$file"
      end
    else
      echo "$line"
    end
  end
end
complete -c converge -f -a '(__converge_complete)'
`;
