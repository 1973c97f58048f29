package dev.weft.lab.image.http;

import java.io.IOException;

/** Answers requests. Called on a virtual thread for each connection, so that it may block. */
@FunctionalInterface
public interface HttpHandler {
  HttpResponse handle(HttpRequest request) throws IOException, InterruptedException;
}
