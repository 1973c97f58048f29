package dev.weft.proxy.tls;

import dev.weft.proxy.identity.IdentitySource;
import dev.weft.proxy.identity.WorkloadIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets that every workload has: its own certificate, the mesh's roots, and roots in files.
 */
public final class WorkloadSecrets implements TlsSecrets {
  /** Istio's name of the workload's certificate. */
  public static final String OWN = "default";

  /** Istio's name of the mesh's trust bundle. */
  public static final String MESH_ROOTS = "ROOTCA";

  /** Before the path of a file of PEM roots. */
  public static final String FILE_ROOTS = "file-root:";

  private static final Logger LOG = LoggerFactory.getLogger(WorkloadSecrets.class);

  private final IdentitySource identity;
  private final ConcurrentHashMap<String, Roots> files = new ConcurrentHashMap<>();

  /** Reads from the identity in force at the time of each handshake. */
  public WorkloadSecrets(IdentitySource identity) {
    this.identity = identity;
  }

  @Override
  public @Nullable KeyMaterial key(String name) {
    WorkloadIdentity current = identity.current();
    return current == null || !name.equals(OWN)
        ? null
        : new KeyMaterial(current.key(), current.chain(), current.generation());
  }

  @Override
  public @Nullable Roots roots(String name) {
    if (name.startsWith(FILE_ROOTS)) {
      return files.computeIfAbsent(name, n -> read(n.substring(FILE_ROOTS.length())));
    }
    WorkloadIdentity current = identity.current();
    return current == null || !name.equals(MESH_ROOTS)
        ? null
        : new Roots(current.roots(), current.generation());
  }

  /** Reads once: roots of the system do not change under a running proxy. Null: not readable. */
  private static @Nullable Roots read(String path) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      List<X509Certificate> roots = new ArrayList<>();
      for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        roots.add((X509Certificate) c);
      }
      return new Roots(roots, 1);
    } catch (IOException | CertificateException e) {
      LOG.warn("roots of {} cannot be read: {}", path, e.getMessage());
      return null;
    }
  }
}
