/** Requests and their answers: paths, verbs, discovery, watches. */
@NullMarked
package dev.weft.apiserver.http;

import org.jspecify.annotations.NullMarked;
