/** What is asked before something is written: the server's own rules, then webhooks. */
@NullMarked
package dev.weft.apiserver.admission;

import org.jspecify.annotations.NullMarked;
