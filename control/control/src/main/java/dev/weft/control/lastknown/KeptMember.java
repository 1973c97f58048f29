package dev.weft.control.lastknown;

import dev.weft.config.ClusterFacts;
import dev.weft.types.ClusterId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two files of one member cluster. A change is a line at the end of the second; when that has
 * become as long as the first, the first is written anew and the second begins again. Confined to
 * one thread.
 */
final class KeptMember {
  static final String SUFFIX = ".json";
  static final String CHANGES = ".changes";
  private static final Logger log = LoggerFactory.getLogger(KeptMember.class);

  /** Below that a second file is never too long. */
  private static final long SHORT = 64 << 10;

  private final Path directory;
  private final ClusterId cluster;
  private @Nullable MemberFile last;
  private long baseBytes;
  private long lineBytes;

  /** Whether the second file ends with half a line, on which nothing may follow. */
  private boolean torn;

  KeptMember(Path directory, ClusterId cluster) {
    this.directory = directory;
    this.cluster = cluster;
  }

  /**
   * What the files hold. Lines from the first on that is not whole, as when the machine lost its
   * power, count as not there.
   *
   * @throws IOException where there is nothing usable; the message says why
   */
  MemberFile load() throws IOException {
    byte[] base = Files.readAllBytes(file(SUFFIX));
    MemberFile now = MemberFile.read(cluster, base);
    baseBytes = base.length;
    byte[] lines = Files.exists(file(CHANGES)) ? Files.readAllBytes(file(CHANGES)) : new byte[0];
    lineBytes = lines.length;
    int start = 0;
    for (int i = 0; i < lines.length; i++) {
      if (lines[i] == '\n') {
        try {
          now = now.after(Arrays.copyOfRange(lines, start, i));
        } catch (IOException e) {
          log.warn("{}, byte {}: the rest is ignored: {}", file(CHANGES), start, e.getMessage());
          break;
        }
        start = i + 1;
      }
    }
    torn = start < lines.length;
    last = now;
    return now;
  }

  /** Has the files hold these facts. */
  void keep(ClusterFacts facts, Instant at) throws IOException {
    MemberFile before = last;
    if (before == null) {
      // Nobody knows which generation they are of.
      Files.deleteIfExists(file(CHANGES));
      replace(new MemberFile(facts, 1, at));
      return;
    }
    byte[] line = before.line(facts, at);
    if (line.length == 0) {
      return;
    }
    if (torn || lineBytes + line.length > Math.max(SHORT, baseBytes)) {
      replace(before.next(facts, at));
      return;
    }
    // Until all of it is written.
    torn = true;
    write(file(CHANGES), line, StandardOpenOption.APPEND);
    torn = false;
    lineBytes += line.length;
    last = new MemberFile(facts, before.generation(), at);
  }

  private void replace(MemberFile next) throws IOException {
    byte[] content = next.write();
    Files.createDirectories(directory);
    Path file = directory.resolve("." + cluster + ".next");
    write(file, content, StandardOpenOption.TRUNCATE_EXISTING);
    Files.move(
        file, file(SUFFIX), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // If it ends here, the lines are of another generation.
    Files.deleteIfExists(file(CHANGES));
    last = next;
    baseBytes = content.length;
    lineBytes = 0;
    torn = false;
  }

  void forget() throws IOException {
    Files.deleteIfExists(file(SUFFIX));
    Files.deleteIfExists(file(CHANGES));
  }

  private static void write(Path file, byte[] content, StandardOpenOption how) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private Path file(String suffix) {
    return directory.resolve(cluster + suffix);
  }
}
