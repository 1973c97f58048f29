package dev.weft.xds;

import java.io.IOException;
import java.io.OutputStream;

/** A message that writes itself to a stream. */
public interface StreamMessage {
  /** How many bytes are written. */
  int size();

  void writeTo(OutputStream out) throws IOException;
}
