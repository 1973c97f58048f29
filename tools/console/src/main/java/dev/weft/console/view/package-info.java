/** From what the control plane knows to what people see. Pure: no clock, no socket, no thread. */
@NullMarked
package dev.weft.console.view;

import org.jspecify.annotations.NullMarked;
