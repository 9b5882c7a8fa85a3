import { answering } from './answering.ts';

// lines as vLLM 0.24 and TGI 3.3.6 wrote them, with other values
it.each([
  [
    'vllm:num_requests_running{engine="0",model_name="llama"} 3.0\nvllm:num_requests_waiting{engine="0",model_name="llama"} 2.0\nvllm:num_requests_waiting_by_reason{engine="0",model_name="llama",reason="capacity"} 2.0\n',
    5,
  ],
  ['tgi_batch_current_size 0\ntgi_queue_size 4\n', 4],
  ['tgi_batch_current_size 0\ntgi_queue_size 0\n', 0],
  ['process_cpu_seconds_total 3\n', undefined],
])('counts what an engine runs and lets wait, whichever it is', (metrics, count) => {
  expect(answering(metrics)).toBe(count);
});
