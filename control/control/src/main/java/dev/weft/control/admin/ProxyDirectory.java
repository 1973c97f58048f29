package dev.weft.control.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the admin server asks of the side that serves proxies. */
public interface ProxyDirectory {

  /** Connected proxies with the state of each type: what {@code /debug/syncz} shows. */
  List<ProxyView> syncz();

  /** What a proxy was sent; empty for proxies that are not connected. */
  Optional<DumpView> configDump(String proxyId);

  /** The proxies connected now, by cluster id. */
  Map<String, Integer> connected();
}
