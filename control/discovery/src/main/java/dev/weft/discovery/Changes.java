package dev.weft.discovery;

import dev.weft.loop.Clock;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that something has changed about objects, for those who look at them anyway now and then.
 * Where they may not be watched, it tells nothing.
 */
public final class Changes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Changes.class);

  private final ListWatch<String> watch;

  private Changes(KubeApi api, String path, Runnable changed, Clock clock) {
    this.watch =
        new ListWatch<>(
            new Source<>(api, path, "", SomeObject::new, object -> ""),
            new ListWatch.Sink<>() {
              @Override
              public void listed(List<String> items) {
                changed.run();
              }

              @Override
              public void stored(String item) {
                changed.run();
              }

              @Override
              public void removed(String item) {
                changed.run();
              }

              @Override
              public void unreadable(List<Unreadable> objects) {
                changed.run();
              }

              @Override
              public void failing(IOException why) {
                if (why instanceof KubeApi.RefusedException refused && refused.forbidden()) {
                  log.debug("{} {} may not be watched: {}", api.server(), path, why.getMessage());
                  close();
                }
              }
            },
            clock);
  }

  /**
   * Begins.
   *
   * @param path of the list, such as {@code /api/v1/pods}
   * @param changed runs on a thread of its own, and must not block
   */
  public static Changes follow(KubeApi api, String path, Runnable changed, Clock clock) {
    Changes changes = new Changes(api, path, changed, clock);
    changes.watch.start();
    return changes;
  }

  @Override
  public void close() {
    watch.close();
  }
}
