#!/bin/sh
# Speaks as `fairway deliver FOLDER --json` does. The folder's file "ending" says how it ends.
folder=$1
shift
echo "prepare: reading fairway.yaml in $folder with $*" >&2
echo "✔ prepare      0.1 s  the service is valid" >&2
case "$(cat "$folder/ending")" in
  pass)
    echo "✔ mesh         0.2 s  every probe was answered as it must be" >&2
    echo '{"stages":[{"stage":"prepare","verdict":"pass","reason":"the service is valid","outputs":{}},{"stage":"mesh","verdict":"pass","reason":"every probe was answered as it must be","outputs":{"url":"http://gateway.test"}}]}'
    ;;
  fail)
    echo "✘ scan         0.2 s  two findings are left" >&2
    echo '{"stages":[{"stage":"scan","verdict":"fail","reason":"two findings are left: CVE-1 and CVE-2.","outputs":{}}]}'
    exit 1
    ;;
  refused)
    echo "fairway.yaml:3:1: the key nmae is unknown." >&2
    exit 2
    ;;
  never)
    # a child of its own, as a build has
    trap 'echo told >"$folder/told"; exit 130' TERM
    sleep 600 &
    echo $! >"$folder/child"
    wait
    ;;
esac
