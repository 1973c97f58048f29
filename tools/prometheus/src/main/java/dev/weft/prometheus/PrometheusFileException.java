package dev.weft.prometheus;

import java.nio.file.Path;

/** What is wrong in the file that names the servers; the message says where. No secret is in it. */
public final class PrometheusFileException extends Exception {
  PrometheusFileException(String path, String message) {
    super(path + ": " + message);
  }

  PrometheusFileException(Path file, PrometheusFileException cause) {
    super("the Prometheus servers in " + file + ": " + cause.getMessage(), cause);
  }

  PrometheusFileException(Path file, String message) {
    super("the Prometheus servers in " + file + ": " + message);
  }
}
