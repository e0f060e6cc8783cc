import { useId } from 'react';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'number' | 'datetime-local';
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
}

/** A line that must be filled in, with its label above. */
export const TextField = ({ label, value, onChange, type = 'text', ...bounds }: TextFieldProps) => {
  const id = useId();
  return (
    <div className="text-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        required
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => onChange(target.value)}
        {...bounds}
      />
    </div>
  );
};
