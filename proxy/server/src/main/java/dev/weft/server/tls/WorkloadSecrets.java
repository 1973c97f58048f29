package dev.weft.server.tls;

import dev.weft.identity.IdentitySource;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.runtime.SecretName;
import dev.weft.runtime.TlsSecret;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a proxy: the workload's own certificate and the mesh's roots, what the control
 * plane hands out, and files. Safe for all threads.
 */
public final class WorkloadSecrets implements TlsSecrets {
  private final IdentitySource identity;
  private final FileSecrets files;
  private volatile Map<String, HandedOut> handedOut = Map.of();
  private long latest;

  /** A secret, and how often it was another one before. */
  private record HandedOut(TlsSecret secret, long generation) {}

  /** Reads from the identity in force at the time of each handshake. */
  public WorkloadSecrets(IdentitySource identity, InstantSource clock) {
    this.identity = identity;
    this.files = new FileSecrets(clock);
  }

  @Override
  public void handedOut(Map<String, TlsSecret> secrets) {
    Map<String, HandedOut> before = handedOut;
    Map<String, HandedOut> now = new HashMap<>();
    secrets.forEach(
        (name, secret) -> {
          HandedOut old = before.get(name);
          now.put(
              name,
              old == null
                  ? new HandedOut(secret, ++latest)
                  : old.secret().equals(secret) ? old : new HandedOut(secret, ++latest));
        });
    handedOut = Map.copyOf(now);
  }

  @Override
  public @Nullable KeyMaterial key(String name) {
    if (name.startsWith(SecretName.FILE_CERTIFICATE)) {
      return files.key(name.substring(SecretName.FILE_CERTIFICATE.length()));
    }
    if (SecretName.handedOut(name)) {
      HandedOut found = handedOut.get(name);
      return found != null && found.secret() instanceof TlsSecret.KeyPair pair
          ? new KeyMaterial(pair.key(), pair.chain(), found.generation())
          : null;
    }
    WorkloadIdentity current = identity.current();
    return current == null || !name.equals(SecretName.OWN)
        ? null
        : new KeyMaterial(current.key(), current.chain(), current.generation());
  }

  @Override
  public @Nullable Revocations revocations(String path) {
    return files.revocations(path);
  }

  @Override
  public @Nullable Roots roots(String name) {
    if (name.startsWith(SecretName.FILE_ROOTS)) {
      return files.roots(name.substring(SecretName.FILE_ROOTS.length()));
    }
    if (SecretName.handedOut(name)) {
      HandedOut found = handedOut.get(name);
      return found != null && found.secret() instanceof TlsSecret.Trusted trusted
          ? new Roots(trusted.roots(), trusted.revoked(), found.generation())
          : null;
    }
    WorkloadIdentity current = identity.current();
    return current == null || !name.equals(SecretName.MESH_ROOTS)
        ? null
        : new Roots(current.roots(), List.of(), current.generation());
  }
}
