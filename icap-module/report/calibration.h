/* How bt-1 did on simulated people (tests/unit/test_browsing_people.c, which holds these figures): printed in
 * every report. Nobody's real time has been measured: it is no calibration at a council. */
#ifndef REPORT_CALIBRATION_H
#define REPORT_CALIBRATION_H

enum { CALIBRATION_DAYS = 5000 };

struct calibration {
    unsigned within, below, above; /* days: truth within low and high, below low, above high */
    int truth, low, likely, high;  /* minutes a day, on average */
    int error_low, error_high;     /* likely less truth, minutes: nine of ten days lie between */
};

static const struct calibration calibration = {4764, 1, 235, 61, 6, 39, 144, -79, 13};

#endif
