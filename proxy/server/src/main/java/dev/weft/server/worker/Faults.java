package dev.weft.server.worker;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors that reach the end of a pipeline: the network's are expected, ours are not. */
public final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private Faults() {}

  /** Logs an error that no peer can be blamed for. */
  public static void report(Throwable cause) {
    if (!(cause instanceof IOException
        || cause instanceof SSLException
        || cause instanceof DecoderException)) {
      LOG.error("a connection was closed because of an internal error", cause);
    }
  }
}
