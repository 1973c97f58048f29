/** Kubernetes objects as trees: the types, metadata and selectors that the lab reads. */
@NullMarked
package dev.weft.lab.object;

import org.jspecify.annotations.NullMarked;
