package dev.weft.server.tls;

import dev.weft.runtime.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates, keys and roots in files of the pod, which are looked at again every few seconds:
 * Kubernetes exchanges the files of mounted Secrets. What cannot be read any more stays as it was.
 * Safe for all threads.
 */
final class FileSecrets {
  private static final Logger LOG = LoggerFactory.getLogger(FileSecrets.class);
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final ConcurrentHashMap<String, Held> held = new ConcurrentHashMap<>();

  /**
   * What was read.
   *
   * @param changed when the files were written; empty where they could not be read
   * @param value key material or roots; null where it was never there
   */
  private record Held(
      List<FileTime> changed, Instant looked, long generation, @Nullable Object value) {}

  FileSecrets(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * A certificate and its key.
   *
   * @param paths with {@code ~} between them
   */
  TlsSecrets.@Nullable KeyMaterial key(String paths) {
    int between = paths.indexOf('~');
    Path certificate = Path.of(paths.substring(0, between));
    Path key = Path.of(paths.substring(between + 1));
    Object value =
        look(
            List.of(certificate, key),
            paths,
            generation ->
                new TlsSecrets.KeyMaterial(
                    Pem.key(bytes(key)), Pem.certificates(bytes(certificate)), generation));
    return value instanceof TlsSecrets.KeyMaterial material ? material : null;
  }

  TlsSecrets.@Nullable Roots roots(String path) {
    Object value =
        look(
            List.of(Path.of(path)),
            path,
            generation ->
                new TlsSecrets.Roots(
                    Pem.certificates(bytes(Path.of(path))), List.of(), generation));
    return value instanceof TlsSecrets.Roots roots ? roots : null;
  }

  TlsSecrets.@Nullable Revocations revocations(String path) {
    Object value =
        look(
            List.of(Path.of(path)),
            "revoked " + path,
            generation ->
                new TlsSecrets.Revocations(Pem.revocations(bytes(Path.of(path))), generation));
    return value instanceof TlsSecrets.Revocations revocations ? revocations : null;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(String.valueOf(e), e);
    }
  }

  private @Nullable Object look(List<Path> files, String name, LongFunction<Object> read) {
    Instant now = clock.instant();
    return held.compute(name, (_, old) -> looked(old, files, now, read)).value();
  }

  private static Held looked(
      @Nullable Held old, List<Path> files, Instant now, LongFunction<Object> read) {
    if (old != null && now.isBefore(old.looked().plus(LOOK))) {
      return old;
    }
    long generation = old == null ? 1 : old.generation() + 1;
    Object last = old == null ? null : old.value();
    try {
      List<FileTime> changed = new java.util.ArrayList<>();
      for (Path file : files) {
        changed.add(Files.getLastModifiedTime(file));
      }
      if (old != null && old.changed().equals(changed)) {
        return new Held(changed, now, old.generation(), last);
      }
      return new Held(changed, now, generation, read.apply(generation));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} cannot be used: {}", files, e.getMessage());
      return new Held(List.of(), now, generation, last);
    }
  }
}
