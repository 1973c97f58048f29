package dev.weft.control.tool;

import dev.weft.control.admin.ProxyView;
import dev.weft.control.ads.ConfigDump;
import dev.weft.control.ads.ProxyStatus;
import dev.weft.control.ads.Watching;
import java.util.List;
import java.util.Optional;

/** The proxies that this replica serves. Any thread. */
public interface ConnectedProxies {
  /** In the order of clusters and names. */
  List<ProxyStatus> connectedProxies();

  /** For people. */
  ProxyView view(ProxyStatus proxy);

  /** What each asked for. */
  List<Watching> watching();

  /** What a proxy should hold, and holds; empty where it is not connected. */
  Optional<ConfigDump> held(String proxyId);
}
