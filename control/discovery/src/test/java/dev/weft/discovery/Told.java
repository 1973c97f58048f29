package dev.weft.discovery;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a sink was told, to be taken in order. */
final class Told implements ListWatch.Sink<String> {
  final BlockingQueue<List<String>> lists = new LinkedBlockingQueue<>();
  final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
  final BlockingQueue<List<Unreadable>> unreadable = new LinkedBlockingQueue<>();
  final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

  static <E> E next(BlockingQueue<E> queue) throws InterruptedException {
    return Objects.requireNonNull(queue.poll(60, TimeUnit.SECONDS));
  }

  @Override
  public void listed(List<String> items) {
    lists.add(items);
  }

  @Override
  public void stored(String item) {
    changes.add("stored " + item);
  }

  @Override
  public void removed(String item) {
    changes.add("removed " + item);
  }

  @Override
  public void unreadable(List<Unreadable> objects) {
    unreadable.add(objects);
  }

  @Override
  public void failing(IOException why) {
    failures.add(why.getMessage());
  }
}
