@NullMarked
package dev.weft.lab.controller;

import org.jspecify.annotations.NullMarked;
