#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "CNcurses.h"
#include "device.h"

/* What a crash handler needs lies here, ready made. */
static char restore_text[512];
static size_t restore_length;
static struct termios saved;
static struct termios raw;
static int input_descriptor = -1;
static int output_descriptor = -1;
static volatile sig_atomic_t taken;

void cn_emergency_release(void) {
    if (!taken) return;
    taken = 0;
    int error = errno;
    size_t done = 0;
    while (done < restore_length) {
        ssize_t count =
            write(output_descriptor, restore_text + done, restore_length - done);
        if (count <= 0) break;
        done += (size_t)count;
    }
    tcsetattr(input_descriptor, TCSANOW, &saved);
    errno = error;
}

static void make_raw(struct termios *modes) {
    modes->c_iflag &= (tcflag_t) ~(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON | PARMRK);
    /* ncurses moves with bare line feeds, so output is left as it is. */
    modes->c_oflag &= (tcflag_t)~OPOST;
    modes->c_lflag &= (tcflag_t) ~(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    modes->c_cflag &= (tcflag_t) ~(CSIZE | PARENB);
    modes->c_cflag |= CS8;
    modes->c_cc[VMIN] = 1;
    modes->c_cc[VTIME] = 0;
}

int cn_take(int input, int output, const char *restore, size_t length) {
    static bool registered;
    if (length > sizeof restore_text) return EMSGSIZE;
    if (tcgetattr(input, &saved) != 0) return errno;
    memcpy(restore_text, restore, length);
    restore_length = length;
    input_descriptor = input;
    output_descriptor = output;
    raw = saved;
    make_raw(&raw);
    if (!registered) {
        atexit(cn_emergency_release);
        registered = true;
    }
    taken = 1;
    if (tcsetattr(input, TCSADRAIN, &raw) == 0) return 0;
    taken = 0;
    return errno;
}

void cn_retake(void) {
    taken = 1;
    tcsetattr(input_descriptor, TCSADRAIN, &raw);
}

void cn_release(void) { cn_emergency_release(); }

int64_t cn_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool cn_size(int output, int *rows, int *columns) {
    struct winsize size;
    if (ioctl(output, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return false;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return true;
}

int cn_write(int output, const char *bytes, size_t length, int *calls) {
    size_t done = 0;
    while (done < length) {
        ssize_t count = write(output, bytes + done, length - done);
        *calls += 1;
        if (count >= 0) {
            done += (size_t)count;
        } else if (errno == EAGAIN) {
            /* Someone else made the terminal non-blocking; wait, but not for ever. */
            struct pollfd room = {.fd = output, .events = POLLOUT};
            if (poll(&room, 1, 1000) == 0) return EAGAIN;
        } else if (errno != EINTR) {
            return errno;
        }
        if (done < length && cn_must_end()) return EINTR;
    }
    return 0;
}

bool cn_can_write(int output) {
    struct pollfd room = {.fd = output, .events = POLLOUT};
    return poll(&room, 1, 0) > 0;
}
