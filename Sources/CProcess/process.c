#include "CProcess.h"

#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>

int cp_inherit_orphans(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

int cp_dead_child(void)
{
    siginfo_t who = {0};
    if (waitid(P_ALL, 0, &who, WEXITED | WNOHANG | WNOWAIT) != 0) return 0;
    return who.si_pid;
}
