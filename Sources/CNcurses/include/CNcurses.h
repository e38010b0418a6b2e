/* The whole contract between Swift and the C library's terminal world: ncurses, the terminal's
   modes, signals, and the width of characters. No policy lives here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is so marked touches the one screen of the process; Swift sees it as @MainActor, so that a
   call from anywhere else does not compile. */
#define CN_SCREEN __attribute__((swift_attr("@MainActor")))

/* Columns that a character takes by the C library, as ncurses lays cells out: 0, 1, 2, or -1 for
   one that cannot be shown. Asked in a UTF-8 locale whatever the process' own is. Any thread. */
int cn_width(uint32_t scalar);

/* ---- The screen: ncurses drawing into memory ---- */

/* Attributes as bits that Swift can see; curses' own are macros. */
enum {
    CN_BOLD = 1 << 0,
    CN_DIM = 1 << 1,
    CN_REVERSE = 1 << 2,
    CN_UNDERLINE = 1 << 3,
    CN_ITALIC = 1 << 4,
};

/* A character, up to two marks upon it (0 for none), and its look. */
typedef struct {
    uint32_t scalars[3];
    uint32_t attributes;
    int32_t pair;
    int32_t columns; /* 1 or 2 */
} cn_cell;

/* Why ncurses did not start. */
enum { CN_OK = 0, CN_NO_TERMINAL_TYPE = 1, CN_NO_CURSOR_MOVES = 2, CN_NO_MEMORY = 3 };

/* Makes the process' locale that of its environment; when that is not UTF-8 but `unicode` is
   wanted, C.UTF-8. Returns whether the locale is UTF-8 now. */
bool cn_set_locale(bool unicode) CN_SCREEN;

/* Starts ncurses for a terminal type. What it draws goes to memory, see cn_update. It neither reads
   the terminal nor touches its modes. */
int cn_start(const char *_Nonnull term, int rows, int columns, bool colors) CN_SCREEN;
/* Ends ncurses; nothing is drawn. */
void cn_stop(void) CN_SCREEN;

/* Colours of the terminal type: 0 without any, else at least 8. */
int cn_colors(void) CN_SCREEN;
/* How many colour pairs there are, the one of default colours included. */
int cn_pairs(void) CN_SCREEN;
/* Whether colours are given as 0xRRGGBB. */
bool cn_has_direct_colors(void) CN_SCREEN;
/* Sets a colour pair (1 and up); -1 stands for the terminal's own colour. */
void cn_set_pair(int pair, int foreground, int background) CN_SCREEN;

/* A string of the terminal's description, such as "rmcup"; NULL when it has none. */
const char *_Nullable cn_capability(const char *_Nonnull name) CN_SCREEN;

/* Draws cells into a row from a column on; the second halves of wide ones are not among them. */
void cn_put(int row, int column, const cn_cell *_Nonnull cells, int count) CN_SCREEN;
/* Shows the cursor at a place, or hides it when row is negative. */
void cn_set_cursor(int row, int column) CN_SCREEN;
/* Changes the size; the next update draws everything. */
void cn_resize(int rows, int columns) CN_SCREEN;
/* The next update draws everything. */
void cn_invalidate(void) CN_SCREEN;
/* Brings the picture in memory up to date; returns the bytes that the terminal has to be sent,
   valid until the next call of any function here. */
const char *_Nullable cn_update(size_t *_Nonnull length) CN_SCREEN;
/* Before a pause: the next update enters the screen again and draws everything. */
void cn_leave(void) CN_SCREEN;

/* ---- The terminal's device: modes, size, bytes ---- */

/* Remembers the modes of the terminal and makes it raw. `restore` is what has to be sent to leave
   the terminal clean, whatever ends the process; it is copied. Returns 0 or an errno. */
int cn_take(int input, int output, const char *_Nonnull restore, size_t length) CN_SCREEN;
/* Makes the terminal raw again after cn_release, or after someone else changed its modes. */
void cn_retake(void) CN_SCREEN;
/* Sends the restore string and gives the terminal its modes back. */
void cn_release(void) CN_SCREEN;
/* Rows and columns of the terminal; false when it does not tell. */
bool cn_size(int output, int *_Nonnull rows, int *_Nonnull columns) CN_SCREEN;
/* Writes all bytes, waiting when it must; gives up when the terminal is gone or the process has to
   end. Adds to the number of calls made. Returns 0 or an errno. */
int cn_write(int output, const char *_Nonnull bytes, size_t length, int *_Nonnull calls) CN_SCREEN;
/* Whether the terminal would take bytes now. */
bool cn_can_write(int output) CN_SCREEN;
/* Milliseconds of a clock that only goes forward. */
int64_t cn_milliseconds(void) CN_SCREEN;

/* ---- Signals ---- */

/* What came, as bits. */
enum {
    CN_RESIZED = 1 << 0,
    CN_TERMINATED = 1 << 1,
    CN_INTERRUPTED = 1 << 2,
    CN_HUNG_UP = 1 << 3,
    CN_STOP_ASKED = 1 << 4,
    CN_CONTINUED = 1 << 5,
};

/* Installs the handlers: those of cn_take_signals, and of crashes, which give the terminal back
   first and leave the rest to whoever handled them before. Returns 0 or an errno. */
int cn_watch_signals(void) CN_SCREEN;
/* Puts back the handlers that were there. */
void cn_unwatch_signals(void) CN_SCREEN;
/* Takes the bits of what came since the last call. */
unsigned cn_take_signals(void) CN_SCREEN;
/* Puts bits back, to be taken later. */
void cn_post_signals(unsigned bits) CN_SCREEN;
/* Becomes readable when a signal came; -1 when none are watched. */
int cn_signal_descriptor(void) CN_SCREEN;
/* Stops the process' group as Ctrl-Z would; returns when it goes on. */
void cn_pause(void) CN_SCREEN;
