package dev.weft.exchange;

import java.nio.ByteBuffer;

/**
 * Makes other content of the content of one answer, as it comes. It keeps nothing back that it
 * could give, so that what flows slowly goes on flowing. Confined to its exchange.
 */
public interface BodyCoder extends AutoCloseable {
  /**
   * Takes a part of the content.
   *
   * @param part read to its end; valid during the call alone
   * @param last whether nothing follows; nobody calls again then
   * @return what there is to be sent, perhaps nothing; the caller's from then on
   */
  ByteBuffer code(ByteBuffer part, boolean last);

  /** Gives up what it holds. Called once, whatever ended the answer. */
  @Override
  void close();

  /** What codes with this one, and what comes of it with another one. */
  default BodyCoder then(BodyCoder next) {
    return new BodyCoder() {
      @Override
      public ByteBuffer code(ByteBuffer part, boolean last) {
        return next.code(BodyCoder.this.code(part, last), last);
      }

      @Override
      public void close() {
        BodyCoder.this.close();
        next.close();
      }
    };
  }
}
