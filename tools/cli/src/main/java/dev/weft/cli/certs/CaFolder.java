package dev.weft.cli.certs;

import dev.weft.ca.CaEntries;
import dev.weft.ca.CaProfile;
import dev.weft.ca.OperatorCa;
import dev.weft.ca.Pem;
import dev.weft.ca.SigningIdentity;
import dev.weft.cli.reach.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A directory with a root, and a directory below it for each cluster's intermediate. What is there
 * is never overwritten. Keys are for their owner alone.
 */
final class CaFolder {
  private static final String ROOT_KEY = "root-key.pem";
  static final List<String> FILES =
      List.of(CaEntries.CERT, CaEntries.KEY, CaEntries.ROOT, CaEntries.CHAIN);

  private final Path directory;

  CaFolder(Path directory) {
    this.directory = directory;
  }

  Path rootCertificate() {
    return directory.resolve(CaEntries.ROOT);
  }

  Path of(String cluster) {
    return directory.resolve(cluster);
  }

  /**
   * The root that is there.
   *
   * @throws CommandFailure where half of one is there, or it cannot be used
   */
  Optional<SigningIdentity> root(Instant now) {
    boolean certificate = Files.exists(rootCertificate());
    boolean key = Files.exists(directory.resolve(ROOT_KEY));
    if (!certificate && !key) {
      return Optional.empty();
    }
    if (!certificate || !key) {
      throw CommandFailure.failed(
          directory
              + " has "
              + (certificate
                  ? CaEntries.ROOT + " but no " + ROOT_KEY
                  : ROOT_KEY + " but no " + CaEntries.ROOT)
              + ": bring the other one, or give another directory by --out");
    }
    try {
      return Optional.of(
          SigningIdentity.parse(
              directory.toString(),
              CaEntries.of(
                  Map.of(
                      CaEntries.CERT,
                      Files.readString(rootCertificate()),
                      CaEntries.KEY,
                      Files.readString(directory.resolve(ROOT_KEY)))),
              now));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, "the root cannot be used: " + e.getMessage(), e);
    } catch (IOException e) {
      throw cannot("read", e);
    }
  }

  SigningIdentity makeRoot(OperatorCa maker, CaProfile profile) {
    SigningIdentity root = maker.root(profile);
    write(directory, ROOT_KEY, Pem.of(root.key()));
    write(directory, CaEntries.ROOT, Pem.of(root.certificate()));
    return root;
  }

  /** Whether the cluster has an intermediate; half of one counts. */
  boolean has(String cluster) {
    return FILES.stream().anyMatch(file -> Files.exists(of(cluster).resolve(file)));
  }

  /**
   * A cluster's intermediate.
   *
   * @throws CommandFailure where there is none, or it cannot be used
   */
  SigningIdentity intermediate(String cluster, Instant now) {
    Map<String, String> entries = new TreeMap<>();
    try {
      for (String file : FILES) {
        Path path = of(cluster).resolve(file);
        if (!Files.exists(path)) {
          throw CommandFailure.failed(
              "no " + path + ": make it by weft certs intermediate --cluster " + cluster);
        }
        entries.put(file, Files.readString(path));
      }
      return SigningIdentity.parse(of(cluster).toString(), CaEntries.of(entries), now);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, "the new CA cannot be used: " + e.getMessage(), e);
    } catch (IOException e) {
      throw cannot("read", e);
    }
  }

  void makeIntermediate(OperatorCa maker, SigningIdentity root, String cluster, CaProfile profile) {
    CaEntries entries = maker.intermediate(root, profile).entries();
    for (String file : FILES) {
      write(of(cluster), file, entries.pem().getOrDefault(file, ""));
    }
  }

  private static void write(Path directory, String name, String text) {
    Path file = directory.resolve(name);
    Set<PosixFilePermission> mode =
        name.endsWith("-key.pem")
            ? EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
            : PosixFilePermissions.fromString("rw-r--r--");
    try {
      Files.createDirectories(directory);
      try (var channel =
          Files.newByteChannel(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(mode))) {
        channel.write(StandardCharsets.US_ASCII.encode(text));
      }
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, file + " exists already and is not overwritten", e);
    } catch (IOException e) {
      throw cannot("write", e);
    }
  }

  private static CommandFailure cannot(String what, IOException e) {
    return new CommandFailure(
        CommandFailure.Kind.FAILED, "cannot " + what + " the files of the CA: " + e, e);
  }
}
