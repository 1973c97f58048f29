package dev.weft.install;

import java.util.Map;

/** Where an installation says how far it is. */
public interface Progress {
  /** Something was done, or has to be known. */
  void say(String line);

  /**
   * What is waited for, again whenever it changes.
   *
   * @param reasons by object why it is not ready
   */
  void waiting(Map<String, String> reasons);
}
