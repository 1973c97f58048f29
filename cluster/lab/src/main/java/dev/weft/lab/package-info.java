/** Whole clusters on one machine: networks, nodes, pods, controllers, images. */
@NullMarked
package dev.weft.lab;

import org.jspecify.annotations.NullMarked;
