/* The form of a report's input, and of its parts that a case holds, too. */
#ifndef REPORT_INPUT_SHAPES_H
#define REPORT_INPUT_SHAPES_H

#include "report/form.h"

extern const struct form input_form, input_case_form, input_subject_form, input_pattern_form,
    input_person_form, input_answers_form, input_monitoring_form, input_reason_form;

#endif
