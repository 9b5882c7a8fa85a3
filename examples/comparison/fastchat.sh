#!/bin/bash
# fastchat.sh PYTHON MODEL PORT: FastChat's three processes; they end together
python=$1 model=$2 port=$3 controller=http://127.0.0.1:21001
trap 'exit 143' TERM
trap 'kill $(jobs -p)' EXIT
"$python" -m fastchat.serve.controller --host 127.0.0.1 --port 21001 &
"$python" -m fastchat.serve.model_worker --model-path "$model" --model-names hello-tiny --device cpu --limit-worker-concurrency 64 \
  --conv-template one_shot --host 127.0.0.1 --port 21002 --worker-address http://127.0.0.1:21002 --controller-address $controller &
"$python" -m fastchat.serve.openai_api_server --host 127.0.0.1 --port "$port" --controller-address $controller &
wait -n
exit 1
