/** The image of Prometheus: the machine's own, with the pods of the cluster for its targets. */
@NullMarked
package dev.weft.lab.image.prometheus;

import org.jspecify.annotations.NullMarked;
