package dev.weft.runtime;

/** Why something that a proxy takes changes nothing, where it holds for several fields. */
final class Reason {
  static final String NAME = "a label for people: the type says what it is";
  static final String METADATA = "for extensions, of which this proxy has none";
  static final String STATISTICS = "names or extends Envoy's statistics";
  static final String RUNTIME = "there are no runtime keys, so the value beside it holds";
  static final String BUFFERS = "what is held for peers has a bound of the whole proxy";
  static final String LOG_TIMES = "a line is written once, at the end";
  static final String PROBES = "there are no active health checks";
  static final String OLDER = "the older form of the message, beside the newer one";
  static final String RULE_IS_OFF = "belongs to a rule that has to be off";
  static final String REPORTS = "there are no load reports";
  static final String SESSIONS = "every connection makes a handshake of its own";
  static final String FRAMES = "bounds of the HTTP/2 library protect against floods";
  static final String WATCHED = "files are looked at again in any case";
  static final String HTTP3 = "HTTP/3 is not spoken";
  static final String INVALID = "a message that is no HTTP ends its connection";

  private Reason() {}
}
