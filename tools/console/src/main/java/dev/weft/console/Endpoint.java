package dev.weft.console;

import dev.weft.discovery.KubeApi.RefusedException;

/** Answers a request with a record of the API. */
@FunctionalInterface
interface Endpoint {
  Object answer(Call call) throws ProblemException, RefusedException;
}
