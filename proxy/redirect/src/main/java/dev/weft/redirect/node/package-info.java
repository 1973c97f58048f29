/** The redirect of a node: what captures the traffic of pods that may not do so themselves. */
@NullMarked
package dev.weft.redirect.node;

import org.jspecify.annotations.NullMarked;
