package dev.weft.proxy.admin;

/** Whether the proxy may get traffic. */
@FunctionalInterface
public interface Readiness {
  /** Empty: ready. Otherwise what is still missing, in words. */
  String missing();
}
