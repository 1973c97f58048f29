package dev.weft.proxy.xds;

import dev.weft.runtime.Change;
import dev.weft.xds.XdsType;
import dev.weft.xds.client.FieldException;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good configuration on disk, so that a proxy that restarts while the control plane is
 * away still serves. A log of accepted resources (each a length and a Protocol Buffers message:
 * type URL 1, name 2, version 3, bytes 4, removed 5), rewritten when most of it is outdated. It
 * holds no keys: secrets are left out. Confined to one thread.
 */
public final class ConfigJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigJournal.class);
  private static final String FILE = "last-good.xds";
  private static final long REWRITE_FROM = 1 << 20;
  private static final int MAX_ENTRY = 256 << 20;

  private final Path file;
  private @Nullable DataOutputStream out;
  private long written;
  private long liveAtRewrite;

  /** A resource as it was accepted. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Entry(XdsType type, String name, String version, byte[] bytes) {}

  private record Key(XdsType type, String name) {}

  /** A journal in a directory, which is made where it is missing. */
  public ConfigJournal(Path directory) {
    this.file = directory.resolve(FILE);
  }

  /**
   * What was accepted last, in the order in which it came; empty where there is nothing to read.
   */
  public List<Entry> read() {
    Map<Key, Entry> live = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return List.of();
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (true) {
        int length = in.readInt();
        if (length < 0 || length > MAX_ENTRY) {
          throw new IOException("an entry of " + length + " bytes");
        }
        apply(ProtoFields.of(in.readNBytes(length), ""), live);
      }
    } catch (EOFException e) {
      // The end, perhaps in the middle of an entry that was being written.
      return List.copyOf(live.values());
    } catch (IOException | FieldException e) {
      LOG.warn("The last good configuration in {} is damaged: {}", file, e.getMessage());
      return List.copyOf(live.values());
    }
  }

  private static void apply(ProtoFields in, Map<Key, Entry> live) {
    XdsType.ofUrl(in.text(1))
        .ifPresent(
            type -> {
              Key key = new Key(type, in.text(2));
              if (in.bool(5)) {
                live.remove(key);
              } else {
                live.remove(key);
                live.put(key, new Entry(type, key.name(), in.text(3), in.bytes(4)));
              }
            });
  }

  /** Writes accepted changes down. A failure is reported and costs nothing else. */
  public void append(List<Entry> accepted, List<Change.Remove> removed) {
    List<Entry> kept = accepted.stream().filter(e -> e.type() != XdsType.SECRET).toList();
    if (kept.isEmpty() && removed.isEmpty()) {
      return;
    }
    try {
      DataOutputStream to = open();
      for (Entry entry : kept) {
        write(to, encode(entry));
      }
      for (Change.Remove gone : removed) {
        write(
            to,
            new ProtoWriter()
                .text(1, gone.type().url())
                .text(2, gone.name())
                .number(5, 1)
                .toBytes());
      }
      to.flush();
      if (written > REWRITE_FROM && written > 2 * liveAtRewrite) {
        rewrite();
      }
    } catch (IOException e) {
      LOG.warn("The configuration cannot be kept in {}: {}", file, e.toString());
      close();
    }
  }

  private static byte[] encode(Entry entry) {
    return new ProtoWriter()
        .text(1, entry.type().url())
        .text(2, entry.name())
        .text(3, entry.version())
        .bytes(4, entry.bytes())
        .toBytes();
  }

  private void write(DataOutputStream to, byte[] entry) throws IOException {
    to.writeInt(entry.length);
    to.write(entry);
    written += entry.length + 4;
  }

  private DataOutputStream open() throws IOException {
    DataOutputStream to = out;
    if (to == null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (Files.exists(file)) {
        // Whatever is at the end may be half an entry, and nothing must follow that.
        rewrite();
      }
      OutputStream appending =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      to = new DataOutputStream(new BufferedOutputStream(appending));
      out = to;
    }
    return to;
  }

  private void rewrite() throws IOException {
    List<Entry> live = new ArrayList<>(read());
    close();
    Path next = file.resolveSibling(FILE + ".next");
    written = 0;
    try (DataOutputStream to =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(next)))) {
      for (Entry entry : live) {
        write(to, encode(entry));
      }
    }
    liveAtRewrite = written;
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    DataOutputStream to = out;
    out = null;
    if (to != null) {
      try {
        to.close();
      } catch (IOException e) {
        LOG.warn("Closing {}: {}", file, e.toString());
      }
    }
  }
}
