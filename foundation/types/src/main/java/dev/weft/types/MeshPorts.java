package dev.weft.types;

/** Ports that Istio's users know. */
public final class MeshPorts {
  public static final int ADMIN = 15000;
  public static final int OUTBOUND_CAPTURE = 15001;
  public static final int INBOUND_CAPTURE = 15006;
  public static final int XDS_PLAINTEXT = 15010;
  public static final int XDS_TLS = 15012;
  public static final int MONITORING = 15014;
  public static final int WEBHOOKS = 15017;
  public static final int MERGED_STATS = 15020;
  public static final int READINESS = 15021;
  public static final int DNS = 15053;
  public static final int PROXY_STATS = 15090;
  public static final int CROSS_NETWORK = 15443;

  /** Kiali's, since people who look for a console of a mesh know it. */
  public static final int CONSOLE = 20001;

  private MeshPorts() {}
}
