/* The whole contract between Swift and the C library's terminal world: ncurses, the terminal's
   modes, signals, and the width of characters. No policy lives here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Columns that a character takes by the C library, as ncurses lays cells out: 0, 1, 2, or -1 for
   one that cannot be shown. Asked in a UTF-8 locale whatever the process' own is. Any thread. */
int cn_width(uint32_t scalar);
