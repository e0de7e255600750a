/* Writes TLS session keys of a program that has no option for it: preloaded, it sees every SSL_CTX made and asks
   OpenSSL for its key log (SSL_CTX_set_keylog_callback), which goes to the file that SSLKEYLOGFILE names. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void (*keylog_callback)(const void *ssl, const char *line);

static void write_line(const void *ssl, const char *line) {
  (void)ssl;
  const char *path = getenv("SSLKEYLOGFILE");
  if (path == NULL) return;
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0) return;
  char text[1024];
  const size_t size = strlen(line);
  if (size + 1 < sizeof text) {
    memcpy(text, line, size);
    text[size] = '\n';
    (void)!write(file, text, size + 1);
  }
  close(file);
}

void *SSL_CTX_new(const void *method) {
  void *(*make)(const void *) = (void *(*)(const void *))dlsym(RTLD_NEXT, "SSL_CTX_new");
  void (*set)(void *, keylog_callback) =
      (void (*)(void *, keylog_callback))dlsym(RTLD_DEFAULT, "SSL_CTX_set_keylog_callback");
  void *context = make(method);
  if (context != NULL && set != NULL) set(context, write_line);
  return context;
}
