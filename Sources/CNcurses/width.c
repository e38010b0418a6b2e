#include <locale.h>
#include <pthread.h>
#include <wchar.h>

#include "CNcurses.h"

static locale_t utf8;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_locale(void) {
    utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!utf8) utf8 = newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0);
}

int cn_width(uint32_t scalar) {
    pthread_once(&once, make_locale);
    /* Without any UTF-8 locale nothing but ASCII can be laid out for sure. */
    if (!utf8) return scalar >= 0x20 && scalar < 0x7f ? 1 : -1;
    /* wcwidth follows the thread's locale, so only this thread is changed, and only now. */
    locale_t before = uselocale(utf8);
    int width = wcwidth((wchar_t)scalar);
    uselocale(before);
    return width;
}
