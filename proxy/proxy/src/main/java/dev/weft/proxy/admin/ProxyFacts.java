package dev.weft.proxy.admin;

import dev.weft.identity.IdentitySource;
import dev.weft.proxy.xds.ConfigJournal;
import dev.weft.proxy.xds.ProxyEnvironment;
import dev.weft.runtime.Rejection;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.ProxyStatistics;
import java.time.Instant;
import java.util.List;

/** What the admin port may see of the proxy, and do to it. Safe for all threads. */
public interface ProxyFacts {
  ProxyEnvironment environment();

  RuntimeConfig config();

  ProxyStatistics statistics();

  IdentitySource identity();

  /** What time it is. */
  Instant now();

  /** What was refused of the control plane's resources. */
  List<Rejection> rejections();

  /** Resources as they were accepted, for dumps. */
  List<ConfigJournal.Entry> resources();

  /** Empty: ready. Otherwise what is missing. */
  String missing();

  /** Whether the control plane is connected; if not, why. */
  String controlPlane();

  /** Metrics in Prometheus' text format. */
  String metrics();

  /** Lets connections end and takes no new ones. */
  void drain(boolean stopAccepting);

  /** Has the workload's key certified anew. */
  void renewCertificate();

  /** Ends the process in an orderly way. */
  void quit();
}
