package dev.weft.identity;

import dev.weft.runtime.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/** The mesh's roots in a PEM file that may change. Confined to one thread. */
public final class RootFile {
  private final Path file;
  private String text = "";
  private List<X509Certificate> certificates = List.of();

  /** A file, read when it is asked for. */
  public RootFile(Path file) {
    this.file = file;
    changed();
  }

  /**
   * Reads the file again; true where it holds other certificates now. A damaged one is left out.
   */
  public boolean changed() {
    try {
      String now = Files.readString(file);
      if (now.equals(text)) {
        return false;
      }
      List<X509Certificate> read = List.copyOf(Pem.certificates(now));
      boolean different = !read.equals(certificates) && !read.isEmpty();
      if (different) {
        certificates = read;
      }
      text = now;
      return different;
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  public List<X509Certificate> certificates() {
    return certificates;
  }
}
