#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CNcurses.h"

/* Scratch for one row; wider grids than this are cut. */
#define LARGEST_ROW 2048

static SCREEN *screen;
static FILE *sink;   /* the memory that ncurses writes into */
static FILE *source; /* never read; ncurses wants an input */
static char *captured;
static size_t capacity;

bool cn_set_locale(bool unicode) {
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
    return unicode && setlocale(LC_CTYPE, "C.UTF-8") != NULL;
}

static FILE *open_sink(void) {
#ifdef __linux__
    int descriptor = memfd_create("screen", MFD_CLOEXEC);
    if (descriptor >= 0) return fdopen(descriptor, "w+");
#endif
    return tmpfile();
}

static void close_files(void) {
    if (sink) fclose(sink);
    if (source) fclose(source);
    sink = source = NULL;
}

static bool can_move(void) {
    const char *move = tigetstr("cup");
    return move && move != (char *)-1;
}

int cn_start(const char *term, int rows, int columns, bool colors) {
    sink = open_sink();
    source = fopen("/dev/null", "re");
    if (!sink || !source) {
        close_files();
        return CN_NO_MEMORY;
    }
    /* The size is told below. use_env(FALSE) is no way: then types without a size of their own,
       such as "linux", fail. A frozen size is no good for programs started from here either. */
    unsetenv("LINES");
    unsetenv("COLUMNS");
    screen = newterm(term, sink, source);
    if (!screen) {
        close_files();
        return CN_NO_TERMINAL_TYPE;
    }
    if (!can_move()) {
        cn_stop();
        return CN_NO_CURSOR_MOVES;
    }
    nonl();
    typeahead(-1);
    if (colors && has_colors() && start_color() == OK) use_default_colors();
    resizeterm(rows, columns);
    leaveok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    idlok(stdscr, TRUE);
    curs_set(0);
    return CN_OK;
}

void cn_stop(void) {
    if (!screen) return;
    endwin();
    delscreen(screen);
    screen = NULL;
    close_files();
}

int cn_colors(void) { return has_colors() ? COLORS : 0; }

int cn_pairs(void) { return has_colors() ? COLOR_PAIRS : 1; }

bool cn_has_direct_colors(void) { return tigetflag("RGB") > 0 || tigetnum("RGB") > 0; }

void cn_set_pair(int pair, int foreground, int background) {
    if (has_colors()) init_extended_pair(pair, foreground, background);
}

const char *cn_capability(const char *name) {
    const char *value = tigetstr(name);
    return value == (char *)-1 ? NULL : value;
}

static attr_t attributes(uint32_t bits) {
    attr_t result = WA_NORMAL;
    if (bits & CN_BOLD) result |= WA_BOLD;
    if (bits & CN_DIM) result |= WA_DIM;
    if (bits & CN_REVERSE) result |= WA_REVERSE;
    if (bits & CN_UNDERLINE) result |= WA_UNDERLINE;
    if (bits & CN_ITALIC) result |= WA_ITALIC;
    return result;
}

void cn_put(int row, int column, const cn_cell *cells, int count) {
    static cchar_t line[LARGEST_ROW];
    if (count > LARGEST_ROW) count = LARGEST_ROW;
    for (int i = 0; i < count; i++) {
        const cn_cell *cell = &cells[i];
        wchar_t text[4] = {(wchar_t)cell->scalars[0], (wchar_t)cell->scalars[1],
                           (wchar_t)cell->scalars[2], 0};
        int pair = cell->pair;
        /* The pair goes in through the pointer: the short beside it ends at 32 767. */
        setcchar(&line[i], text, attributes(cell->attributes), 0, &pair);
    }
    mvadd_wchnstr(row, column, line, count);
}

void cn_set_cursor(int row, int column) {
    if (row < 0) {
        leaveok(stdscr, TRUE);
        curs_set(0);
    } else {
        leaveok(stdscr, FALSE);
        curs_set(1);
        move(row, column);
    }
}

void cn_resize(int rows, int columns) {
    resizeterm(rows, columns);
    clearok(curscr, TRUE);
}

void cn_invalidate(void) { clearok(curscr, TRUE); }

/* What ncurses wrote since the last call; the memory is empty afterwards. */
static const char *take(size_t *length) {
    *length = 0;
    fflush(sink);
    int descriptor = fileno(sink);
    off_t size = lseek(descriptor, 0, SEEK_CUR);
    if (size <= 0) return NULL;
    if ((size_t)size > capacity) {
        char *larger = realloc(captured, (size_t)size);
        if (!larger) return NULL;
        captured = larger;
        capacity = (size_t)size;
    }
    ssize_t count = pread(descriptor, captured, (size_t)size, 0);
    lseek(descriptor, 0, SEEK_SET);
    /* Truncating is done seldom: pages already there need not be made again. */
    if (size > 1 << 20) (void)!ftruncate(descriptor, 0);
    if (count <= 0) return NULL;
    *length = (size_t)count;
    return captured;
}

const char *cn_update(size_t *length) {
    wnoutrefresh(stdscr);
    doupdate();
    return take(length);
}

void cn_leave(void) {
    size_t length;
    endwin();
    (void)take(&length);
    clearok(curscr, TRUE);
}
