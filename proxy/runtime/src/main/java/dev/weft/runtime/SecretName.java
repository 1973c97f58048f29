package dev.weft.runtime;

/** Names of secrets in TLS settings. Istio: pkg/security, pilot/pkg/model/credentials. */
public final class SecretName {
  /** The workload's certificate. */
  public static final String OWN = "default";

  /** The mesh's trust bundle. */
  public static final String MESH_ROOTS = "ROOTCA";

  /** Before the path of a file of PEM roots. */
  public static final String FILE_ROOTS = "file-root:";

  /** Before the paths of a certificate and its key, with {@code ~} between them. */
  public static final String FILE_CERTIFICATE = "file-cert:";

  /** Before the name of a Secret that the control plane hands out. */
  public static final String KUBERNETES = "kubernetes://";

  private SecretName() {}

  /** Whether the control plane hands the secret out, as a resource of SDS. */
  public static boolean handedOut(String name) {
    return name.startsWith(KUBERNETES);
  }
}
