#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "CNcurses.h"
#include "device.h"

/* Signals that only leave word. */
static const struct {
    int number;
    unsigned bit;
} told[] = {
    {SIGWINCH, CN_RESIZED},  {SIGTERM, CN_TERMINATED},  {SIGINT, CN_INTERRUPTED},
    {SIGHUP, CN_HUNG_UP},    {SIGTSTP, CN_STOP_ASKED},  {SIGCONT, CN_CONTINUED},
};
/* Signals that end the process: the terminal is given back first. */
static const int fatal[] = {SIGSEGV, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
                            SIGFPE,  SIGQUIT, SIGSYS,  SIGPIPE};

enum { TOLD = sizeof told / sizeof *told, FATAL = sizeof fatal / sizeof *fatal };

static struct sigaction told_before[TOLD];
static struct sigaction fatal_before[FATAL];
static bool fatal_taken[FATAL];
static bool watching;
static unsigned arrived; /* bits; touched with atomic operations only */
static int wake[2] = {-1, -1};

bool cn_must_end(void) {
    const unsigned ends = CN_TERMINATED | CN_HUNG_UP | CN_INTERRUPTED;
    return (__atomic_load_n(&arrived, __ATOMIC_RELAXED) & ends) != 0;
}

static void leave_word(int number) {
    int error = errno;
    for (int i = 0; i < TOLD; i++) {
        if (told[i].number == number) {
            __atomic_fetch_or(&arrived, told[i].bit, __ATOMIC_RELEASE);
        }
    }
    char byte = 0;
    (void)!write(wake[1], &byte, 1);
    errno = error;
}

static const struct sigaction *before(int number) {
    for (int i = 0; i < FATAL; i++) {
        if (fatal[i] == number) return &fatal_before[i];
    }
    return NULL;
}

static void give_up(int number, siginfo_t *info, void *context) {
    const struct sigaction *previous = before(number);
    cn_emergency_release();
    if (previous) sigaction(number, previous, NULL);
    /* A fault happens again on return, and then finds the handler of before. */
    if (info && info->si_code > 0) return;
    /* A signal that was sent does not: the handler of before is called, and whatever it does, the
       process ends when this one returns. */
    if (previous && (previous->sa_flags & SA_SIGINFO)) {
        previous->sa_sigaction(number, info, context);
    } else if (previous && previous->sa_handler != SIG_DFL) {
        previous->sa_handler(number);
    }
    signal(number, SIG_DFL);
    raise(number);
}

static bool open_wake(void) {
    return wake[0] >= 0 || pipe2(wake, O_CLOEXEC | O_NONBLOCK) == 0;
}

static void watch_told(int index) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = leave_word;
    sigfillset(&action.sa_mask);
    sigaction(told[index].number, &action, &told_before[index]);
}

static void watch_fatal(int index) {
    struct sigaction action;
    sigaction(fatal[index], NULL, &fatal_before[index]);
    fatal_taken[index] = fatal_before[index].sa_handler != SIG_IGN;
    if (!fatal_taken[index]) return;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = give_up;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(fatal[index], &action, NULL);
}

int cn_watch_signals(void) {
    if (watching) return 0;
    if (!open_wake()) return errno;
    for (int i = 0; i < TOLD; i++) watch_told(i);
    for (int i = 0; i < FATAL; i++) watch_fatal(i);
    watching = true;
    return 0;
}

void cn_unwatch_signals(void) {
    if (!watching) return;
    for (int i = 0; i < TOLD; i++) sigaction(told[i].number, &told_before[i], NULL);
    for (int i = 0; i < FATAL; i++) {
        if (fatal_taken[i]) sigaction(fatal[i], &fatal_before[i], NULL);
    }
    watching = false;
}

unsigned cn_take_signals(void) {
    char bytes[64];
    if (wake[0] < 0) return 0;
    while (read(wake[0], bytes, sizeof bytes) > 0) {
    }
    return __atomic_exchange_n(&arrived, 0, __ATOMIC_ACQUIRE);
}

void cn_post_signals(unsigned bits) {
    char byte = 0;
    if (bits == 0) return;
    __atomic_fetch_or(&arrived, bits, __ATOMIC_RELEASE);
    (void)!write(wake[1], &byte, 1);
}

int cn_signal_descriptor(void) { return wake[0]; }

void cn_pause(void) {
    struct sigaction usual;
    struct sigaction before;
    sigset_t stop;
    sigset_t mask;
    memset(&usual, 0, sizeof usual);
    usual.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &usual, &before);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
    /* The whole group, as the terminal's Ctrl-Z does it, so that a `make` around us stops too. */
    kill(0, SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &before, NULL);
}
