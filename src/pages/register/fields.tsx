/**
 * A labelled field with its hint and the place where its problem is told. What the browser can see at once (empty, too
 * short, of another form) it tells with the very texts the service would use; the service judges everything again.
 */
import { type ComponentChildren, type JSX } from 'preact';
import { fieldLabels, fieldProblems, phoneProblems } from '../../messages/id/fields';

type Labels = typeof fieldLabels;
type Name = keyof Labels | 'phone';
type InputAttributes = JSX.InputHTMLAttributes & { value?: never };

const labelOf = (name: Name): string => (name === 'phone' ? 'Nomor WhatsApp' : fieldLabels[name]);
const requiredProblem = (name: Name): string =>
  name === 'phone' ? phoneProblems.empty : fieldProblems.required(labelOf(name));

/** What is wrong with a value of another form, where a pattern can say so. */
const FORM_PROBLEMS: Partial<Record<Name, string>> = {
  email: fieldProblems.email,
  id_card_number: fieldProblems.nik,
  postal_code: fieldProblems.postalCode,
  rt: fieldProblems.oneToThreeDigits(fieldLabels.rt),
  rw: fieldProblems.oneToThreeDigits(fieldLabels.rw),
};

interface FieldProps {
  name: Name;
  label?: string;
  hint?: string;
  minLength?: number;
}

function describe({ name, hint, minLength }: FieldProps, isRequired: boolean) {
  return {
    id: name,
    name,
    'data-field': true,
    required: isRequired,
    'data-required': isRequired ? requiredProblem(name) : undefined,
    'data-least': minLength,
    'data-short': minLength ? fieldProblems.tooShort(labelOf(name), minLength) : undefined,
    'data-malformed': FORM_PROBLEMS[name],
    'aria-describedby': hint ? `${name}-hint ${name}-problem` : `${name}-problem`,
  };
}

function Labelled(props: FieldProps & { isRequired: boolean; children: ComponentChildren }) {
  const { name, hint, isRequired, children } = props;
  return (
    <div class={`field field-${name}`}>
      <label for={name}>
        {props.label ?? labelOf(name)}
        {!isRequired && <span class="optional"> opsional</span>}
      </label>
      {children}
      <Problem name={name} />
      {hint && (
        <small id={`${name}-hint`} class="hint">
          {hint}
        </small>
      )}
    </div>
  );
}

/** Said aloud when it is filled. */
export const Problem = ({ name }: { name: string }) => (
  <small id={`${name}-problem`} class="problem" role="alert" data-problem={name}></small>
);

export function TextField(props: FieldProps & InputAttributes) {
  const { name, label, hint, minLength, required, ...rest } = props;
  const field = { name, label, hint, minLength };
  return (
    <Labelled {...field} isRequired={required === true}>
      <input type="text" {...rest} {...describe(field, required === true)} />
    </Labelled>
  );
}

export function TextArea(props: FieldProps & JSX.TextareaHTMLAttributes) {
  const { name, label, hint, minLength, required, ...rest } = props;
  const field = { name, label, hint, minLength };
  return (
    <Labelled {...field} isRequired={required === true}>
      <textarea rows={3} {...rest} {...describe(field, required === true)} />
    </Labelled>
  );
}

export function Choice(props: FieldProps & { children: ComponentChildren }) {
  const { children, ...field } = props;
  return (
    <Labelled {...field} isRequired={false}>
      <select {...describe(field, false)}>{children}</select>
    </Labelled>
  );
}
