/* Shared by the files of this target only. */
#pragma once

#include <stdbool.h>

/* Gives the terminal back with async-signal-safe calls only; does nothing when it is not taken. */
void cn_emergency_release(void);
/* Whether a signal came after which waiting for the terminal makes no sense. */
bool cn_must_end(void);
