// An engine that does what a test tells it to: it answers like llama-server, slowly or with errors on demand, and ends at once
// when it is told to, as llama-server does. A prompt "fault: errors=0.02 first=600 gap=20" sets the fault (share of answers with
// 500, milliseconds to the first token and between tokens); "stream: N" is answered for N seconds. In C, so that the scanner finds no module in
// it of which its database knows nothing.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

static const char *alias = "model";
static volatile double errors = 0;
static volatile int first = 20;
static volatile int between = 2;
static atomic_int processing, prompted, predicted;

static void pause_for(int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  nanosleep(&time, NULL);
}

static int send_all(int socket, const char *data, size_t length) {
  while (length > 0) {
    ssize_t sent = write(socket, data, length);
    if (sent <= 0) return -1;
    data += sent;
    length -= sent;
  }
  return 0;
}

static int answer(int socket, const char *status, const char *type, const char *body) {
  char head[256];
  int length = snprintf(head, sizeof head, "HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %zu\r\n\r\n", status, type, strlen(body));
  return send_all(socket, head, length) || send_all(socket, body, strlen(body)) ? -1 : 0;
}

/* one event as a chunk of the body */
static int event(int socket, const char *format, ...) {
  char data[512], chunk[600];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(data, sizeof data, format, arguments);
  va_end(arguments);
  int all = snprintf(chunk, sizeof chunk, "%x\r\ndata: %s\n\n\r\n", length + 8, data);
  return send_all(socket, chunk, all);
}

static int chat(int socket, const char *body) {
  const char *content = strstr(body, "\"content\":\"");
  const char *prompt = content ? content + 11 : "";
  const char *limit = strstr(body, "\"max_tokens\":");
  int tokens = limit ? atoi(limit + 13) : 16, gap = between, wait = first, seconds;
  int failing = errors > 0 && drand48() < errors;
  if (strncmp(prompt, "fault:", 6) == 0) {
    const char *share = strstr(prompt, "errors="), *late = strstr(prompt, "first="), *slow = strstr(prompt, "gap=");
    errors = share ? atof(share + 7) : 0;
    first = late ? atoi(late + 6) : 20;
    between = slow ? atoi(slow + 4) : 2;
    failing = 0;
  }
  if (failing) return answer(socket, "500 Internal Server Error", "application/json", "{\"error\":{\"message\":\"a fault\"}}");
  if (sscanf(prompt, "stream: %d", &seconds) == 1) tokens = seconds * 5, gap = 200;
  pause_for(wait);
  prompted += 9;
  if (!strstr(body, "\"stream\":true")) {
    predicted++;
    return answer(socket, "200 OK", "application/json", "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"word\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}");
  }
  const char *head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  if (send_all(socket, head, strlen(head))) return -1;
  for (int count = 0; count < tokens; count++) {
    if (count > 0) pause_for(gap);
    if (event(socket, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word%d \"}}]}", count)) return -1;
    predicted++;
  }
  if (strstr(body, "\"include_usage\":true") && event(socket, "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":%d,\"total_tokens\":%d}}", tokens, tokens + 9)) return -1;
  if (event(socket, "[DONE]")) return -1;
  return send_all(socket, "0\r\n\r\n", 5);
}

static int respond(int socket, const char *request, const char *body) {
  char models[256], metrics[512];
  if (strncmp(request, "GET /health", 11) == 0) return answer(socket, "200 OK", "application/json", "{\"status\":\"ok\"}");
  if (strncmp(request, "GET /metrics", 12) == 0) {
    snprintf(metrics, sizeof metrics,
             "# TYPE llamacpp:requests_processing gauge\nllamacpp:requests_processing %d\n# TYPE llamacpp:requests_deferred gauge\nllamacpp:requests_deferred 0\n"
             "# TYPE llamacpp:prompt_tokens_total counter\nllamacpp:prompt_tokens_total %d\n# TYPE llamacpp:tokens_predicted_total counter\nllamacpp:tokens_predicted_total %d\n",
             processing, prompted, predicted);
    return answer(socket, "200 OK", "text/plain; version=0.0.4", metrics);
  }
  if (strncmp(request, "GET /v1/models", 14) == 0) {
    snprintf(models, sizeof models, "{\"object\":\"list\",\"data\":[{\"id\":\"%s\",\"object\":\"model\"}]}", alias);
    return answer(socket, "200 OK", "application/json", models);
  }
  if (strncmp(request, "POST /v1/chat/completions", 25) == 0) {
    processing++;
    int ended = chat(socket, body);
    processing--;
    return ended;
  }
  return answer(socket, "404 Not Found", "application/json", "{\"error\":{\"message\":\"not found\"}}");
}

static void *serve(void *given) {
  int socket = (int)(long)given;
  static const size_t room = 1 << 20;
  char *buffer = malloc(room);
  for (size_t filled = 0;;) {
    char *end = NULL;
    while (filled == 0 || !(end = strstr(buffer, "\r\n\r\n"))) {
      ssize_t got = filled < room - 1 ? read(socket, buffer + filled, room - 1 - filled) : 0;
      if (got <= 0) goto closed;
      buffer[filled += got] = 0;
    }
    size_t length = 0, head = end + 4 - buffer;
    for (char *line = buffer; line < end; line = strstr(line, "\r\n") + 2)
      if (strncasecmp(line, "content-length:", 15) == 0) length = strtoul(line + 15, NULL, 10);
    while (filled < head + length) {
      ssize_t got = filled < room - 1 ? read(socket, buffer + filled, room - 1 - filled) : 0;
      if (got <= 0) goto closed;
      buffer[filled += got] = 0;
    }
    if (respond(socket, buffer, buffer + head)) goto closed;
    filled -= head + length;
    memmove(buffer, buffer + head + length, filled + 1);
  }
closed:
  free(buffer);
  close(socket);
  return NULL;
}

int main(int count, char **arguments) {
  int port = 8080, yes = 1;
  const char *host = "0.0.0.0";
  for (int index = 1; index + 1 < count; index++) {
    if (strcmp(arguments[index], "--port") == 0) port = atoi(arguments[index + 1]);
    if (strcmp(arguments[index], "--host") == 0) host = arguments[index + 1];
    if (strcmp(arguments[index], "--alias") == 0) alias = arguments[index + 1];
  }
  signal(SIGPIPE, SIG_IGN);
  // as the first process of a container it would not end by a signal that it does not handle
  signal(SIGTERM, exit);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, host, &address.sin_addr);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) {
    perror("listening");
    return 1;
  }
  for (;;) {
    int socket = accept(listener, NULL, NULL);
    pthread_t thread;
    // a token goes out when it is there, not when the one before was acknowledged
    int now = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
    if (socket < 0 || pthread_create(&thread, NULL, serve, (void *)(long)socket)) return 1;
    pthread_detach(thread);
  }
}
